// SPDX-License-Identifier: Apache-2.0
package org.example;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class SteadyTest {
  private static int tries = 0;
  private static int falls = 0;

  @Test
  public void addsPrices() {
    assertEquals(6, 1 + 2 + 3);
  }

  @Test
  public void isSteadyAtLast() {
    tries++;
    System.out.println("try " + tries);
    assertEquals("größer", 3, tries);
  }

  @Test
  public void isSteadyAfterAnError() {
    if (falls++ == 0) {
      throw new IllegalStateException("the shop is closed");
    }
  }

  @Test
  public void neverSteady() {
    assertEquals(100, 99);
  }

  @Test
  public void neverWithoutError() {
    throw new IllegalStateException("card is null");
  }
}
