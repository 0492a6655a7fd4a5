#define CAF_SUITE access_book

#include "tests/support/access_fixture.hpp"

namespace {

using fixture = darkroom::access_fixture<darkroom::sqlite_place>;

} // namespace

#include "tests/services/access_book_cases.hpp"
