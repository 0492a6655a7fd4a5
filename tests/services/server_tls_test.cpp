#define CAF_SUITE server_tls

#include "services/tls/server_tls.hpp"
#include "services/tls/tls_authority.hpp"
#include "services/tls/tls_files.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <sys/stat.h>

using namespace darkroom;
using namespace darkroom::test;

namespace {

constexpr int64_t day = 86400000;
constexpr int64_t noon = 1764072000000; // 2025-11-25 12:00:00 UTC

struct fixture {
  scratch_folder folder;
  tls_order order{folder / "tls", 30, noon};

  fixture() {
    must(make_authority(order));
  }

  server_files make(const std::string& name, uint32_t days = 30) {
    order.days = days;
    auto made = must(make_node_files(order, name));
    return {made.certificate, made.key};
  }

  std::string why(const server_files& files, int64_t now = noon) {
    auto refusal = refused(check_server_files(files, now));
    CAF_CHECK(refusal.code == ec::bad_config);
    return refusal.context;
  }
};

void copy(const std::string& from, const std::string& to) {
  write_file(to + ".new", read_file(from));
  std::filesystem::rename(to + ".new", to);
}

bool has_warning(const server_facts& facts, const std::string& text) {
  return std::any_of(facts.warnings.begin(), facts.warnings.end(),
                     [&](const auto& x) { return has(x, text); });
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(server_tls_tests, fixture)

CAF_TEST(files that fit are told about) {
  auto files = make("web");
  auto facts = must(check_server_files(files, noon));
  CAF_CHECK_EQUAL(facts.name, "web");
  CAF_CHECK_EQUAL(facts.until, noon + 30 * day);
  CAF_CHECK(facts.warnings.empty());
  auto text = must(own_certificate(files.certificate));
  CAF_CHECK_EQUAL(text, read_file(files.certificate));
}

CAF_TEST(a key of others and a certificate out of its time are refused) {
  auto files = make("web");
  auto other = make("other");
  CAF_CHECK(has(why({files.certificate, other.key}),
                "other.key' is not that of certificate"));
  must(check_server_files(files, noon + 30 * day - 1));
  CAF_CHECK(
    has(why(files, noon + 30 * day), "expired on 2025-12-25 12:00:00 UTC"));
  CAF_CHECK(has(why(files, noon - day), "is valid only from"));
  CAF_CHECK(has(why({folder / "none", files.key}), "none' does not exist"));
  CAF_CHECK(has(why({order.folder + "/ca.crt", order.folder + "/ca.key"}),
                "is not made for TLS servers"));
}

CAF_TEST(readers of the key and a chain out of order are warned of) {
  auto files = make("web");
  ::chmod(files.key.c_str(), 0644);
  auto chain = read_file(files.certificate);
  write_file(folder / "good", chain + read_file(order.folder + "/ca.crt"));
  write_file(folder / "bad", chain + read_file(make("x").certificate));
  auto good = must(check_server_files({folder / "good", files.key}, noon));
  CAF_CHECK(has_warning(good, "can be used by others"));
  CAF_CHECK(!has_warning(good, "is followed by"));
  auto bad = must(check_server_files({folder / "bad", files.key}, noon));
  CAF_CHECK(has_warning(bad, "is followed by one that has not signed it"));
}

CAF_TEST(a new pair is taken once it has stayed the same) {
  auto files = make("web");
  auto longer = make("longer", 60);
  auto tls = must(server_tls::open(files, noon));
  CAF_CHECK_EQUAL(tls->until(), noon + 30 * day);
  tls->look(noon);
  copy(longer.certificate, files.certificate);
  tls->look(noon + 1); // between two files
  copy(longer.key, files.key);
  tls->look(noon + 2);
  CAF_CHECK_EQUAL(tls->until(), noon + 30 * day);
  tls->look(noon + 3);
  CAF_CHECK_EQUAL(tls->until(), noon + 60 * day);
}

CAF_TEST(a broken new pair leaves the old one in use) {
  auto files = make("web");
  auto longer = make("longer", 60);
  auto tls = must(server_tls::open(files, noon));
  write_file(files.certificate, "no PEM");
  for (int i = 0; i < 3; ++i)
    tls->look(noon + i);
  CAF_CHECK_EQUAL(tls->until(), noon + 30 * day);
  CAF_CHECK(tls->accept(0) != nullptr);
  std::filesystem::remove(files.certificate);
  for (int i = 3; i < 6; ++i)
    tls->look(noon + i);
  CAF_CHECK_EQUAL(tls->until(), noon + 30 * day);
  copy(longer.certificate, files.certificate);
  copy(longer.key, files.key);
  for (int i = 6; i < 9; ++i)
    tls->look(noon + i);
  CAF_CHECK_EQUAL(tls->until(), noon + 60 * day);
}

CAF_TEST_FIXTURE_SCOPE_END()
