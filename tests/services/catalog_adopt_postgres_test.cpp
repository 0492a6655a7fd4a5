#define CAF_SUITE catalog_adopt_postgres

#include "tests/support/adopted_place.hpp"
#include "tests/support/catalog_fixture.hpp"

namespace {

using fixture = darkroom::catalog_fixture<darkroom::adopted_postgres_place>;

} // namespace

#include "tests/services/catalog_cases.hpp"
