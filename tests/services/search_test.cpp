#define CAF_SUITE search

#include "tests/support/image_book_fixture.hpp"

namespace {

using fixture = darkroom::image_book_fixture<darkroom::sqlite_place>;

} // namespace

#include "tests/services/search_cases.hpp"
