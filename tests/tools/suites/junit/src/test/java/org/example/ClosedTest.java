// SPDX-License-Identifier: Apache-2.0
package org.example;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClosedTest {
  @BeforeAll
  static void open() {
    throw new IllegalStateException("the shop is closed");
  }

  @Test
  void neverRuns() {}
}
