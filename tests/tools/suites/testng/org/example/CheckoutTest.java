// SPDX-License-Identifier: Apache-2.0
package org.example;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import org.testng.IRetryAnalyzer;
import org.testng.ITestResult;
import org.testng.Reporter;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CheckoutTest {
  private static int tries = 0;

  public static class Twice implements IRetryAnalyzer {
    private int left = 2;

    @Override
    public boolean retry(ITestResult result) {
      return left-- > 0;
    }
  }

  @BeforeMethod
  public void emptyBasket() {}

  @AfterMethod(onlyForGroups = "closing")
  public void closes() {
    throw new IllegalStateException("the door is stuck");
  }

  @Test(groups = {"fast", "DEMO-7"}, description = "What three things cost")
  public void addsPrices() {
    assertEquals(1 + 2 + 3, 6);
  }

  @DataProvider
  public Object[][] prices() {
    return new Object[][] {{1, "ten & <b>"}, {2, "zwanzig größer 🚀"}, {3, null}};
  }

  @Test(dataProvider = "prices", groups = "fast")
  public void pieces(int pieces, String price) {
    assertTrue(price != null, "no price of " + pieces);
  }

  @Test
  public void prints() {
    Reporter.log("logged: größer 🚀 & <b>");
    System.out.println("printed");
  }

  @Test
  public void anErrorIsThrown() {
    throw new IllegalStateException("card is null", new NullPointerException("card"));
  }

  @Test(dependsOnMethods = "anErrorIsThrown")
  public void dependsOnAnError() {}

  @Test
  public void refunds() {
    throw new SkipException("no bank yet");
  }

  @Test(enabled = false)
  public void giftCards() {}

  @Test(retryAnalyzer = Twice.class)
  public void isSteadyAtLast() {
    tries++;
    assertEquals(tries, 3, "try " + tries);
  }

  @Test(expectedExceptions = IllegalArgumentException.class)
  public void throwsNothing() {}

  @Test(invocationCount = 2, groups = "closing", priority = 9)
  public void twice() {}
}
