#define CAF_SUITE catalog_fence

#include "tests/support/catalog_fixture.hpp"

namespace {

using fixture = darkroom::catalog_fixture<darkroom::sqlite_place>;

} // namespace

#include "tests/services/catalog_fence_cases.hpp"
