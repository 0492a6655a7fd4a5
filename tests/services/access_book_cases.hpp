/// Tokens and the audit log: the suites access_book and access_book_postgres;
/// who includes this says which `fixture` it is.
#include "services/access/access_book.hpp"

#include <vector>

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(access_book_tests, fixture)

CAF_TEST(a token is kept until it is revoked or has expired) {
  auto book = must(access_book::open(config));
  must(book.add(token("ann", access_role::viewer), 1000));
  auto brief = token("bob", access_role::admin);
  brief.expires_at = 2000;
  must(book.add(brief, 1000));
  auto all = must(book.tokens());
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK_EQUAL(all[0].name, "ann");
  CAF_CHECK(all[0].role == access_role::viewer);
  CAF_CHECK(is_valid(all[1], 1999));
  CAF_CHECK(!is_valid(all[1], 2000));
  must(book.revoke("ann", 1500));
  CAF_CHECK(!is_valid(must(book.tokens())[0], 1500));
  CAF_CHECK(refused(book.revoke("ann", 1500)).code == ec::not_found);
  CAF_CHECK(refused(book.revoke("bob", 3000)).code == ec::not_found);
}

CAF_TEST(a name belongs to one valid token) {
  auto book = must(access_book::open(config));
  must(book.add(token("ci", access_role::viewer), 1000));
  CAF_CHECK(refused(book.add(token("ci", access_role::admin), 1000)).code
            == ec::conflict);
  must(book.revoke("ci", 1000));
  must(book.add(token("ci", access_role::admin), 1000));
}

CAF_TEST(all main nodes sign with the same key) {
  auto one = must(access_book::open(config));
  auto other = must(access_book::open(config));
  auto key = must(one.signing_key());
  CAF_CHECK_EQUAL(key.size(), 64u);
  CAF_CHECK_EQUAL(must(other.signing_key()), key);
}

CAF_TEST(the audit log is read in pages and by what it says) {
  auto book = must(access_book::open(config));
  std::vector<audit_entry> entries;
  for (auto i = 0; i < 5; ++i) {
    audit_entry x;
    x.at = 1764484000000 + i;
    x.who = i % 2 ? "ann" : "b'ob%";
    x.role = "operator";
    x.origin = "10.0.0.1";
    x.action = i == 4 ? "DELETE /api/jobs/{id}" : "POST /api/queue/pause";
    x.target = "/api/100%";
    x.status = 200;
    x.details = "{\"a\":\"'; drop table audit_log; --\"}";
    entries.push_back(x);
  }
  must(book.note(entries));
  auto first = must(book.audit({}, 2));
  CAF_REQUIRE_EQUAL(first.size(), 2u);
  CAF_CHECK_EQUAL(first[0].at, 1764484000004);
  CAF_CHECK_EQUAL(first[0].details, entries[4].details);
  auto rest = must(book.audit({{}, {}, first[1].id}, 10));
  CAF_CHECK_EQUAL(rest.size(), 3u);
  CAF_CHECK_EQUAL(must(book.audit({"b'ob%", {}, 0}, 10)).size(), 3u);
  CAF_CHECK_EQUAL(must(book.audit({{}, "delete /API", 0}, 10)).size(), 1u);
  CAF_CHECK_EQUAL(must(book.audit({{}, "100%", 0}, 10)).size(), 5u);
  CAF_CHECK_EQUAL(must(book.audit({{}, "1_0%", 0}, 10)).size(), 0u);
  must(book.forget(1764484000003));
  CAF_CHECK_EQUAL(must(book.audit({}, 10)).size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
