#define CAF_SUITE audit_writer

#include "services/access/audit_writer.hpp"
#include "tests/support/access_fixture.hpp"

#include <string>

using namespace darkroom;

namespace {

using fixture = access_fixture<sqlite_place>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(audit_writer_tests, fixture)

CAF_TEST(every entry is written once and in its order also at the end) {
  constexpr int64_t many = 1234; // several writes
  {
    audit_writer writer{must(access_book::open(config)),
                        std::chrono::hours{24 * 365 * 100}};
    for (int64_t i = 0; i < many; ++i) {
      audit_entry x;
      x.at = i + 1;
      x.who = std::to_string(i);
      writer.note(x);
    }
    CAF_CHECK_EQUAL(writer.lost(), 0u);
  }
  auto book = must(access_book::open(config));
  auto all = must(book.audit({}, 2 * many));
  CAF_REQUIRE_EQUAL(all.size(), static_cast<size_t>(many));
  for (int64_t i = 0; i < many; ++i)
    CAF_CHECK_EQUAL(all[static_cast<size_t>(i)].at, many - i);
}

CAF_TEST_FIXTURE_SCOPE_END()
