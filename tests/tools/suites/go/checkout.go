// SPDX-License-Identifier: Apache-2.0

// Package checkout adds prices.
package checkout

// Total adds prices.
func Total(prices ...int) int {
	sum := 0
	for _, price := range prices {
		sum += price
	}
	return sum
}
