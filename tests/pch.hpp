/// Precompiled header of the unit tests: CAF's front ends cost seconds a file.
#pragma once

#include "actors/pch.hpp"
#include "tests/support/test.hpp"

#include <nlohmann/json.hpp>

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
