#define CAF_SUITE fsck

#include "tests/support/fsck_fixture.hpp"

namespace {

using fixture = darkroom::fsck_fixture<darkroom::sqlite_place>;

} // namespace

#include "tests/services/fsck_cases.hpp"
#include "tests/services/fsck_file_cases.hpp"
