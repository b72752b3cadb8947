// SPDX-License-Identifier: Apache-2.0
using System;
using NUnit.Framework;

namespace Example {
  [TestFixture]
  [Category("shop")]
  public class Checkout {
    [Test, Category("fast"), Property("test_key", "DEMO-7"), Description("What three things cost")]
    public void AddsPrices() { Assert.AreEqual(6, 1 + 2 + 3); }

    [TestCase(1, 10)]
    [TestCase(2, 20)]
    [TestCase(3, 31)]
    public void Pieces(int pieces, int price) { Assert.AreEqual(price, pieces * 10); }

    [TestCase("grün & <b>", TestName = "Grüße 日本語 \"quotes\"")]
    public void Unicode(string word) { Console.WriteLine("printed: größer"); }

    [Test]
    public void AnErrorIsThrown() { throw new InvalidOperationException("card is null", new ArgumentNullException("card")); }

    [Test, Ignore("no bank yet")]
    public void Refunds() {}

    [Test, Explicit]
    public void GiftCards() {}

    [Test]
    public void CannotTell() { Assert.Inconclusive("no prices"); }

    [Test]
    public void RoundsDown() { Assert.That(99, Is.EqualTo(100), "größer"); }

    [Test]
    public void PassesEarly() { Assert.Pass("all is well"); }
  }

  [TestFixture]
  public class Closed {
    [TestFixtureSetUp]
    public void Opens() { throw new InvalidOperationException("the shop is closed"); }

    [Test]
    public void NeverRuns() {}
  }
}
