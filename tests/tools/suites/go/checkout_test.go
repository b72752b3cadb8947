// SPDX-License-Identifier: Apache-2.0

package checkout

import (
	"fmt"
	"testing"
)

func TestAddsPrices(t *testing.T) {
	if Total(1, 2, 3) != 6 {
		t.Fatal("wrong")
	}
}

func TestPieces(t *testing.T) {
	for pieces, price := range map[int]int{1: 10, 2: 20, 3: 31} {
		pieces, price := pieces, price
		t.Run(fmt.Sprintf("%d pieces", pieces), func(t *testing.T) {
			if got := 10 * pieces; got != price {
				t.Errorf("got %d, want %d", got, price)
			}
		})
	}
}

func TestUnicode(t *testing.T) {
	fmt.Println("printed: größer 🚀")
	t.Log("logged: 日本語")
	t.Run("Grüße & <b>\"quotes\"</b>", func(t *testing.T) {})
}

func TestRefunds(t *testing.T) {
	t.Skip("no bank yet")
}

func TestError(t *testing.T) {
	var prices []int
	_ = prices[3]
}
