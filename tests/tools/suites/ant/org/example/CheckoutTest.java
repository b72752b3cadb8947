// SPDX-License-Identifier: Apache-2.0
package org.example;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.util.Arrays;
import org.junit.Ignore;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

@RunWith(Parameterized.class)
public class CheckoutTest {
  private final int pieces;

  public CheckoutTest(int pieces) {
    this.pieces = pieces;
  }

  @Parameters(name = "{0} & <b>")
  public static Iterable<Object[]> rounds() {
    return Arrays.asList(new Object[][] {{1}, {2}});
  }

  @Test
  public void addsPrices() {
    System.out.println("printed: größer 🚀");
    assertEquals(6, 1 + 2 + 3);
  }

  @Test
  public void roundsDown() {
    assertEquals("größer", 100, pieces);
  }

  @Test
  public void anErrorIsThrown() {
    throw new IllegalStateException("card is null");
  }

  @Test
  @Ignore("no bank yet")
  public void refunds() {}

  @Test
  public void assumes() {
    assumeTrue(pieces > 1);
  }
}
