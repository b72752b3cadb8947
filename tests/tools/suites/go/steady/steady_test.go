// SPDX-License-Identifier: Apache-2.0

package steady

import (
	"os"
	"testing"
)

func TestIsSteadyAtLast(t *testing.T) {
	if _, err := os.Stat("tried"); err != nil {
		os.WriteFile("tried", nil, 0o600)
		t.Fatal("not at the first try")
	}
}

func TestNeverSteady(t *testing.T) {
	t.Error("never")
}
