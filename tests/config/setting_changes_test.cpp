#define CAF_SUITE setting_changes

#include "config/setting_changes.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

settings changed() {
  settings out;
  out.queue.limit_max = 20;
  out.redis.password = "secret";
  auto& provider = out.vision.providers.emplace_back();
  provider.base_url = "https://a";
  provider.model = "m";
  out.imaging.variants.pop_back();
  return out;
}

} // namespace

CAF_TEST(equal settings have no changes) {
  CAF_CHECK(changes_between(settings{}, settings{}).empty());
  CAF_CHECK(changes_between(changed(), changed()).empty());
}

CAF_TEST(changes are named in the order of the table and hide secrets) {
  auto found = changes_between(settings{}, changed());
  CAF_REQUIRE_EQUAL(found.size(), 4u);
  CAF_CHECK_EQUAL(found[0].key, "redis.password");
  CAF_CHECK_EQUAL(found[0].before, "");
  CAF_CHECK_EQUAL(found[0].after, "****");
  CAF_CHECK_EQUAL(found[1].key, "queue.limit");
  CAF_CHECK_EQUAL(found[1].before, "10/1m");
  CAF_CHECK_EQUAL(found[1].after, "20/1m");
  CAF_CHECK_EQUAL(found[2].key, "variants");
  CAF_CHECK_EQUAL(found[3].key, "vision.providers");
  CAF_CHECK_EQUAL(found[3].before, "none");
}

CAF_TEST(another key of a provider is a change although it is not shown) {
  auto one = changed();
  auto other = one;
  one.vision.providers[0].api_key = "a";
  other.vision.providers[0].api_key = "b";
  auto found = changes_between(one, other);
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CAF_CHECK_EQUAL(found[0].before, found[0].after);
}

CAF_TEST(only wanted settings are copied) {
  settings to;
  copy_settings(changed(), to,
                [](const std::string& key) { return key == "queue.limit"; });
  CAF_CHECK_EQUAL(to.queue.limit_max, 20u);
  CAF_CHECK(to.redis.password.empty());
  CAF_CHECK(to.vision.providers.empty());
  copy_settings(changed(), to, [](const std::string&) { return true; });
  CAF_CHECK(changes_between(to, changed()).empty());
}
