#define CAF_SUITE tls_files

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

  tls_files node(const std::string& name) {
    must(make_authority(order));
    return must(make_node_files(order, name));
  }

  /// Why the files are refused.
  std::string why(const tls_files& files, int64_t now = noon) {
    auto refusal = refused(check_tls_files(files, now));
    CAF_CHECK(refusal.code == ec::bad_config);
    return refusal.context;
  }
};

mode_t mode_of(const std::string& path) {
  struct stat file {};
  CAF_REQUIRE_EQUAL(::stat(path.c_str(), &file), 0);
  return file.st_mode & 0777;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_files_tests, fixture)

CAF_TEST(a node of a new CA has usable files) {
  auto files = node("worker-1");
  auto facts = must(check_tls_files(files, noon));
  CAF_CHECK_EQUAL(facts.name, "worker-1");
  CAF_CHECK_EQUAL(facts.until, noon + 30 * day);
  CAF_CHECK(facts.ca_name.starts_with("Darkroom CA "));
  CAF_CHECK_EQUAL(facts.ca_until, noon + 3650 * day);
  CAF_CHECK(facts.warnings.empty());
}

CAF_TEST(only their owner may use the files) {
  auto files = node("worker-1");
  for (const auto& path :
       {files.certificate, files.key, files.ca, order.folder + "/ca.key"})
    CAF_CHECK_EQUAL(mode_of(path), 0600u);
  CAF_CHECK_EQUAL(mode_of(order.folder), 0700u);
}

CAF_TEST(a second node gets the same CA) {
  auto first = node("worker-1");
  CAF_CHECK(!must(make_authority(order)));
  auto second = must(make_node_files(order, "worker-2"));
  CAF_CHECK_EQUAL(must(check_tls_files(first, noon)).ca_name,
                  must(check_tls_files(second, noon)).ca_name);
}

CAF_TEST(nothing is overwritten) {
  auto files = node("worker-1");
  auto before = read_file(files.key);
  auto again = refused(make_node_files(order, "worker-1"));
  CAF_CHECK(again.code == ec::conflict);
  CAF_CHECK(has(again.context, "worker-1.key' exists"));
  CAF_CHECK_EQUAL(read_file(files.key), before);
  std::filesystem::remove(order.folder + "/ca.key");
  CAF_CHECK(has(refused(make_authority(order)).context, "ca.crt' exists"));
}

CAF_TEST(a name that leaves the folder names no node) {
  must(make_authority(order));
  for (const char* name : {"", "../x", "a/b", ".hidden", "ca", "a b", "a\nb"})
    CAF_CHECK(refused(make_node_files(order, name)).code == ec::bad_input);
  CAF_CHECK(refused(make_node_files(order, std::string(65, 'x'))).code
            == ec::bad_input);
  must(make_node_files(order, std::string(64, 'x')));
}

CAF_TEST(a node may not outlast its CA) {
  must(make_authority(order));
  order.days = 3650;
  must(make_node_files(order, "as-long"));
  order.days = 3651;
  CAF_CHECK(has(refused(make_node_files(order, "longer")).context,
                "ends on 2035-11-23 12:00:00 UTC"));
}

CAF_TEST(a certificate of another CA is refused) {
  auto files = node("worker-1");
  tls_order other{folder / "other", 30, noon};
  must(make_authority(other));
  files.ca = other.folder + "/ca.crt";
  CAF_CHECK(has(why(files), "is not signed by the CA in"));
}

CAF_TEST(a certificate is refused from its end on and before its begin) {
  auto files = node("worker-1");
  auto end = noon + 30 * day;
  must(check_tls_files(files, end - 1));
  CAF_CHECK(has(why(files, end), "expired on 2025-12-25 12:00:00 UTC"));
  auto begin = noon - 300000;
  must(check_tls_files(files, begin));
  CAF_CHECK(has(why(files, begin - 1), "is valid only from 2025-11-25 11:55"));
}

CAF_TEST(an expired CA is refused) {
  auto files = node("worker-1");
  tls_order later{folder / "later", 30, noon + 3640 * day};
  must(make_authority(later));
  auto fresh = must(make_node_files(later, "worker-1"));
  auto now = noon + 3651 * day;
  must(check_tls_files(fresh, now));
  fresh.ca = files.ca;
  CAF_CHECK(has(why(fresh, now), "ca.crt"));
  CAF_CHECK(has(why(fresh, now), "expired on 2035-11-23 12:00:00 UTC"));
}

CAF_TEST(the key of another is refused) {
  auto files = node("worker-1");
  files.key = node("worker-2").key;
  CAF_CHECK(has(why(files), "worker-2.key' is not that of certificate"));
}

CAF_TEST(files that are missing or no PEM name themselves) {
  auto good = node("worker-1");
  auto text = folder / "text";
  write_file(text, "hello");
  for (auto member :
       {&tls_files::certificate, &tls_files::key, &tls_files::ca}) {
    auto files = good;
    files.*member = folder / "nowhere";
    CAF_CHECK(has(why(files), "nowhere' does not exist"));
    files.*member = text;
    CAF_CHECK(has(why(files), "text' holds no "));
    files.*member = order.folder;
    CAF_CHECK(has(why(files), "is not a file"));
  }
}

CAF_TEST(a certificate that is cut off is refused) {
  auto files = node("worker-1");
  auto text = read_file(files.certificate);
  write_file(files.certificate, text.substr(0, text.size() / 2));
  CAF_CHECK(has(why(files), "worker-1.crt' holds"));
}

CAF_TEST(the CA itself is no node) {
  auto files = node("worker-1");
  CAF_CHECK(has(why({files.ca, order.folder + "/ca.key", files.ca}),
                "is not made for TLS"));
}

CAF_TEST(a key that others may read is warned of) {
  auto files = node("worker-1");
  ::chmod(files.key.c_str(), 0640);
  auto facts = must(check_tls_files(files, noon));
  CAF_REQUIRE_EQUAL(facts.warnings.size(), 1u);
  CAF_CHECK(has(facts.warnings[0], "worker-1.key"));
}

CAF_TEST_FIXTURE_SCOPE_END()
