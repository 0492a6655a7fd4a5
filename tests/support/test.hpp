/// CAF's test framework as our suites use it. Define CAF_SUITE first.
#pragma once

#include <caf/test/unit_test.hpp>
#define FAIL CAF_FAIL // dsl.hpp 0.17.6 uses FAIL and never defines it
#include <caf/test/dsl.hpp>
