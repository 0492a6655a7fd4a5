#define CAF_SUITE image_book_postgres

#include "tests/support/image_book_fixture.hpp"

namespace {

using fixture = darkroom::image_book_fixture<darkroom::postgres_place>;

} // namespace

#include "tests/services/image_book_cases.hpp"
