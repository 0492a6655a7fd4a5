#define CAF_SUITE access_book_postgres

#include "tests/support/access_fixture.hpp"

namespace {

using fixture = darkroom::access_fixture<darkroom::postgres_place>;

} // namespace

#include "tests/services/access_book_cases.hpp"
