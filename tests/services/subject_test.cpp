#define CAF_SUITE subject

#include "services/vision/subject.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

findings seen(const std::vector<std::string>& names) {
  findings out;
  for (const auto& name : names)
    out.objects.push_back({name, .6, {}});
  return out;
}

} // namespace

CAF_TEST(things are counted and named as people name them) {
  CAF_CHECK_EQUAL(subject_of(seen({})), "");
  CAF_CHECK_EQUAL(subject_of(seen({"dog"})), "a dog");
  CAF_CHECK_EQUAL(subject_of(seen({"orange"})), "an orange");
  CAF_CHECK_EQUAL(subject_of(seen({"dog", "dog", "umbrella"})),
                  "two dogs and an umbrella");
  CAF_CHECK_EQUAL(subject_of(seen({"person", "person", "person"})),
                  "three people");
  CAF_CHECK_EQUAL(subject_of(seen({"wine glass", "wine glass"})),
                  "two wine glasses");
  CAF_CHECK_EQUAL(subject_of(seen({"bench", "bench"})), "two benches");
  CAF_CHECK_EQUAL(subject_of(seen({"sheep", "sheep"})), "two sheep");
  CAF_CHECK_EQUAL(subject_of(seen({"scissors"})), "scissors");
  CAF_CHECK_EQUAL(subject_of(seen(std::vector<std::string>(11, "bird"))),
                  "11 birds");
}

CAF_TEST(a sentence has at most five kinds and the list all of them) {
  auto many = seen({"dog", "cat", "dog", "cow", "bus", "car", "bed"});
  CAF_CHECK_EQUAL(subject_of(many), "two dogs, a cat, a cow, a bus and a car");
  CAF_CHECK_EQUAL(kinds_of(many), (std::vector<std::string>{
                                    "dog", "cat", "cow", "bus", "car", "bed"}));
}

CAF_TEST(the low sun is a subject) {
  auto found = seen({"boat"});
  found.has_low_sun = true;
  CAF_CHECK_EQUAL(subject_of(found),
                  "a boat and the low sun of a sunset or sunrise");
}
