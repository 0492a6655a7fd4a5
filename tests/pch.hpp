/// Precompiled header of the unit tests: what most of them include.
#pragma once

#include "tests/support/test.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

// Each suite names itself.
#undef CAF_SUITE
