/// CAF's test framework for our suites. Define CAF_SUITE first.
#pragma once

#include <caf/test/unit_test.hpp>
