#define CAF_SUITE image_deletion

#include "tests/support/image_book_fixture.hpp"

namespace {

using fixture = darkroom::image_book_fixture<darkroom::sqlite_place>;

} // namespace

#include "tests/services/image_deletion_cases.hpp"
