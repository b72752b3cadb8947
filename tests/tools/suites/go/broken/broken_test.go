// SPDX-License-Identifier: Apache-2.0

package broken

import "testing"

func TestNeverCompiles(t *testing.T) {
	missing()
}
