// SPDX-License-Identifier: Apache-2.0
export default {
  test: {
    setupFiles: ["allure-vitest/setup"],
    reporters: [["allure-vitest/reporter", { resultsDir: "allure-results" }], ["@d2t/vitest-ctrf-json-reporter", {}]],
  },
};
