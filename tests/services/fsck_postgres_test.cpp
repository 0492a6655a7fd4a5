#define CAF_SUITE fsck_postgres

#include "tests/support/fsck_fixture.hpp"

namespace {

using fixture = darkroom::fsck_fixture<darkroom::postgres_place>;

} // namespace

#include "tests/services/fsck_cases.hpp"
#include "tests/services/fsck_file_cases.hpp"
