#define CAF_SUITE keys

#include "services/redis/keys.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(keys are those of BullMQ) {
  queue_keys k{"bull", "photos"};
  CAF_CHECK_EQUAL(k.base(), "bull:photos:");
  CAF_CHECK_EQUAL(k.job("7"), "bull:photos:7");
  CAF_CHECK_EQUAL(k.lock("7"), "bull:photos:7:lock");
  CAF_CHECK_EQUAL(k.logs("7"), "bull:photos:7:logs");
  CAF_CHECK_EQUAL(k.events(), "bull:photos:events");
  CAF_CHECK_EQUAL(k.marker(), "bull:photos:marker");
  CAF_CHECK_EQUAL(k.meta(), "bull:photos:meta");
  CAF_CHECK_EQUAL(k.wait(), "bull:photos:wait");
  CAF_CHECK_EQUAL(k.active(), "bull:photos:active");
  CAF_CHECK_EQUAL(k.prioritized(), "bull:photos:prioritized");
  CAF_CHECK_EQUAL(k.delayed(), "bull:photos:delayed");
  CAF_CHECK_EQUAL(k.completed(), "bull:photos:completed");
  CAF_CHECK_EQUAL(k.failed(), "bull:photos:failed");
  CAF_CHECK_EQUAL(k.waiting_children(), "bull:photos:waiting-children");
}

CAF_TEST(own keys are not below those of BullMQ) {
  queue_keys k{"{bull}", "photos"};
  CAF_CHECK_EQUAL(k.own(), "darkroom:{bull}:photos:");
  CAF_CHECK(!k.own().starts_with(k.base()));
}

CAF_TEST(a prefix is opaque) {
  queue_keys k{"a:b", "q"};
  CAF_CHECK_EQUAL(k.wait(), "a:b:q:wait");
}

CAF_TEST(the client name is that which BullMQ looks for) {
  CAF_CHECK_EQUAL((queue_keys{"bull", "photos"}.client_name("")),
                  "bull:cGhvdG9z");
  CAF_CHECK_EQUAL((queue_keys{"bull", "q"}.client_name("node-1")),
                  "bull:cQ==:w:node-1");
  CAF_CHECK_EQUAL((queue_keys{"{x}", "größe"}.client_name("")),
                  "{x}:Z3LDtsOfZQ==");
}
