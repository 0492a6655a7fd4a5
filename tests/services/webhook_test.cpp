#define CAF_SUITE webhook

#include "services/notify/webhook.hpp"
#include "tests/support/must.hpp"
#include "tests/support/provider.hpp"

using namespace darkroom;

namespace {

const final_failure failure{"7",       "generate-metadata",
                            "image-1", "upstream \xff said no",
                            3,         1700000000000};

} // namespace

CAF_TEST(a final failure is posted with all that is known) {
  provider peer;
  webhook hook({peer.odd_url + "/hook?token=secret", milliseconds{5000}});
  must(hook.tell(failure, nullptr));
  auto told = peer.last_hook();
  CAF_CHECK_EQUAL(told["type"], "image-processing-failed");
  CAF_CHECK_EQUAL(told["imageId"], "image-1");
  CAF_CHECK_EQUAL(told["jobId"], "7");
  CAF_CHECK_EQUAL(told["jobName"], "generate-metadata");
  CAF_CHECK_EQUAL(told["attempts"], 3);
  CAF_CHECK_EQUAL(told["timestamp"], 1700000000000);
  CAF_CHECK(has(told["error"].get<std::string>(), "said no"));
}

CAF_TEST(nobody is told where no webhook is set) {
  webhook hook({});
  must(hook.tell(failure, nullptr));
}

CAF_TEST(a webhook that is down is an error without its token) {
  webhook hook({"http://127.0.0.1:1/hook?token=secret", milliseconds{500}});
  auto why = refused(hook.tell(failure, nullptr));
  CAF_CHECK(why.code == ec::upstream_failed);
  CAF_CHECK(!has(why.context, "secret"));
}
