/// CAF's test framework as our suites use it. Define CAF_SUITE first.
#pragma once

#include <caf/test/unit_test.hpp>
