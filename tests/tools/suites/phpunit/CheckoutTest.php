<?php
// SPDX-License-Identifier: Apache-2.0

use PHPUnit\Framework\TestCase;

final class CheckoutTest extends TestCase
{
    public function testAddsPrices(): void
    {
        $this->assertSame(6, 1 + 2 + 3);
    }

    /** @dataProvider pieces */
    public function testPieces(int $pieces, int $price): void
    {
        $this->assertSame($price, $pieces * 10);
    }

    public static function pieces(): array
    {
        return ["one" => [1, 10], "two" => [2, 20], "three & <b>" => [3, 31]];
    }

    public function testGrüße(): void
    {
        echo "printed: größer 🚀\n";
        $this->assertSame("grün", "grün");
    }

    public function testAnErrorIsThrown(): void
    {
        throw new TypeError("card is null");
    }

    public function testWarns(): void
    {
        trigger_error("old prices", E_USER_WARNING);
    }

    public function testRefunds(): void
    {
        $this->markTestSkipped("no bank yet");
    }

    public function testGiftCards(): void
    {
        $this->markTestIncomplete("not yet");
    }

    public function testNothing(): void
    {
    }

    public function testRoundsDown(): void
    {
        $this->assertSame(["cents" => 100], ["cents" => 99]);
    }
}
