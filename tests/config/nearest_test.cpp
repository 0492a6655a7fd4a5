#define CAF_SUITE nearest

#include "config/nearest.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(a slip of the finger is recognised) {
  std::vector<std::string> known{"host", "port", "concurrency"};
  CAF_CHECK_EQUAL(nearest("prot", known), "port");
  CAF_CHECK_EQUAL(nearest("prt", known), "port");
  CAF_CHECK_EQUAL(nearest("hosts", known), "host");
  CAF_CHECK_EQUAL(nearest("concurency", known), "concurrency");
  CAF_CHECK_EQUAL(suggestion("prot", known), "; did you mean 'port'?");
}

CAF_TEST(something else entirely is not guessed) {
  CAF_CHECK_EQUAL(nearest("database", {"port", "host"}), "");
  CAF_CHECK_EQUAL(nearest("ab", {"xy"}), "");
  CAF_CHECK_EQUAL(suggestion("database", {"port"}), "");
}

CAF_TEST(the nearest of several wins) {
  CAF_CHECK_EQUAL(nearest("max_byte", {"max_bits", "max_bytes"}), "max_bytes");
}
