#define CAF_SUITE database

#include "tests/support/catalog_place.hpp"

namespace {

using place = darkroom::sqlite_place;

} // namespace

#include "tests/services/database_cases.hpp"
