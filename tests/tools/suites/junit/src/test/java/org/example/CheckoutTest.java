// SPDX-License-Identifier: Apache-2.0
package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckoutTest {
  private static int tries = 0;

  @Test
  @Tag("fast")
  void addsPrices() {
    assertEquals(6, 1 + 2 + 3);
  }

  @ParameterizedTest(name = "{0} pieces cost {1}")
  @CsvSource({"1, 10", "2, 20", "3, 31"})
  void pieces(int pieces, int price) {
    assertEquals(price, pieces * 10);
  }

  @Test
  @DisplayName("Grüße 日本語 🚀 & <b>\"quotes\"</b>")
  void unicode() {
    System.out.println("printed: größer 🚀 ]]>");
    System.err.println("warned: rounding");
  }

  @Test
  void anErrorIsThrown() {
    throw new IllegalStateException("card is null", new NullPointerException("card"));
  }

  @Test
  @Disabled("no bank yet")
  void refunds() {}

  @Test
  void isSteadyAtLast() {
    tries++;
    System.out.println("try " + tries);
    assertEquals(2, tries);
  }

  @RepeatedTest(2)
  void again() {}

  @TestFactory
  Stream<DynamicTest> made() {
    return List.of("one", "two").stream().map(name -> DynamicTest.dynamicTest(name, () -> assertEquals("one", name)));
  }

  @Nested
  class WithADiscount {
    @Test
    void roundsDown() {
      assertEquals(100, 99, "größer");
    }
  }
}
