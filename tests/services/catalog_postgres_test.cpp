#define CAF_SUITE catalog_postgres

#include "tests/support/catalog_fixture.hpp"

namespace {

using fixture = darkroom::catalog_fixture<darkroom::postgres_place>;

} // namespace

#include "tests/services/catalog_cases.hpp"
