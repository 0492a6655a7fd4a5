#define CAF_SUITE search_postgres

#include "tests/support/image_book_fixture.hpp"

namespace {

using fixture = darkroom::image_book_fixture<darkroom::postgres_place>;

} // namespace

#include "tests/services/search_cases.hpp"
