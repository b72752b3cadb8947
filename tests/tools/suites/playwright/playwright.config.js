// SPDX-License-Identifier: Apache-2.0
"use strict";

const junit = { embedAnnotationsAsProperties: true, stripANSIControlSequences: true };

module.exports = {
  testMatch: "*.spec.js",
  workers: 1,
  outputDir: "results",
  projects: [{ name: "shop" }],
  reporter: [
    ["junit", { ...junit, outputFile: "junit.xml" }],
    ["junit", { ...junit, outputFile: "retries.xml", includeRetries: true, includeProjectInTestName: true, stripANSIControlSequences: false }],
    ["playwright-ctrf-json-reporter", { outputFile: "ctrf.json", outputDir: ".", screenshot: true, annotations: true }],
    ["allure-playwright", { resultsDir: "allure-results" }],
  ],
};
