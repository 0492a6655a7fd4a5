#define CAF_SUITE database_postgres

#include "tests/support/catalog_place.hpp"

namespace {

using place = darkroom::postgres_place;

} // namespace

#include "tests/services/database_cases.hpp"
