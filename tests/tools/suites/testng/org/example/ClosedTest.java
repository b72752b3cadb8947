// SPDX-License-Identifier: Apache-2.0
package org.example;

import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

public class ClosedTest {
  @BeforeClass
  public void opens() {
    throw new IllegalStateException("the shop is closed");
  }

  @Test
  public void neverRuns() {}
}
