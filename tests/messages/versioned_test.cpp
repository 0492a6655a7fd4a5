/// Messages between nodes of different versions.
#define CAF_SUITE versioned

#include "messages/node.hpp"
#include "messages/versioned.hpp"
#include "tests/support/test.hpp"

#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>

#include <string>
#include <vector>

using namespace darkroom;

namespace {

using bytes = std::vector<char>;

struct old_part {
  std::string name;
  uint32_t size = 7;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, old_part& x) {
  return versioned(f, "part", x, x.name, x.size);
}

/// The same struct in a later version.
struct new_part {
  std::string name;
  uint32_t size = 7;
  std::vector<std::string> words = {"none"};
  int64_t cost = -1;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, new_part& x) {
  return versioned(f, "part", x, x.name, x.size, x.words, x.cost);
}

template <class Part>
struct whole {
  std::vector<Part> parts;
  uint8_t end = 0;
};

template <class Inspector, class Part>
typename Inspector::result_type inspect(Inspector& f, whole<Part>& x) {
  return versioned(f, "whole", x, x.parts, x.end);
}

/// Has a field of a protocol that nobody speaks yet.
struct ahead {
  int32_t now = 1;
  int32_t later = 2;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ahead& x) {
  // Not by `since`, which takes no protocol that nobody speaks.
  return versioned(f, "ahead", x, x.now,
                   frames::later_field<4000, int32_t>{x.later});
}

struct blob {
  std::vector<uint8_t> bytes;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, blob& x) {
  return versioned(f, "blob", x, x.bytes);
}

template <class T>
bytes written(T x) {
  bytes out;
  caf::binary_serializer sink{nullptr, out};
  CAF_REQUIRE(!sink(x));
  return out;
}

/// Whether `x` could be read from the beginning of `from`.
template <class T>
bool read(T& x, const bytes& from, size_t* left = nullptr) {
  caf::binary_deserializer source{nullptr, from};
  auto why = source(x);
  if (left != nullptr)
    *left = source.remaining();
  return !why;
}

/// Replaces the length of the frame that begins at `at`.
void claim(bytes& frame, uint32_t length, size_t at = 0) {
  for (int i = 0; i < 4; ++i)
    frame[at + i] = static_cast<char>(length >> (24 - 8 * i));
}

whole<new_part> some() {
  return {{{"a", 1, {"x", "y"}, 5}, {"b", 2, {}, 6}}, 9};
}

} // namespace

CAF_TEST(a struct arrives as it was sent) {
  whole<new_part> x;
  size_t left = 1;
  CAF_REQUIRE(read(x, written(some()), &left));
  CAF_CHECK_EQUAL(left, 0u);
  CAF_CHECK_EQUAL(caf::deep_to_string(x), caf::deep_to_string(some()));
}

CAF_TEST(a struct is printed with its name and fields) {
  CAF_CHECK_EQUAL(caf::deep_to_string(old_part{"a", 3}), "part(\"a\", 3)");
  CAF_CHECK_EQUAL(caf::deep_to_string(ahead{}), "ahead(1, 2)");
}

CAF_TEST(what a newer node adds is skipped) {
  whole<old_part> x;
  CAF_REQUIRE(read(x, written(some())));
  CAF_REQUIRE_EQUAL(x.parts.size(), 2u);
  CAF_CHECK_EQUAL(x.parts[0].name, "a");
  CAF_CHECK_EQUAL(x.parts[1].name, "b");
  CAF_CHECK_EQUAL(x.parts[1].size, 2u);
  CAF_CHECK_EQUAL(x.end, 9u);
}

CAF_TEST(what an older node does not send has its default) {
  new_part x{"old", 99, {"old"}, 99};
  CAF_REQUIRE(read(x, written(old_part{"a", 3})));
  CAF_CHECK_EQUAL(x.name, "a");
  CAF_CHECK_EQUAL(x.size, 3u);
  CAF_CHECK_EQUAL(x.words.size(), 1u);
  CAF_CHECK_EQUAL(x.cost, -1);
  bytes nothing(4, 0);
  CAF_REQUIRE(read(x, nothing));
  CAF_CHECK_EQUAL(x.name, "");
  CAF_CHECK_EQUAL(x.size, 7u);
}

CAF_TEST(a field of a later protocol is neither sent nor read) {
  CAF_CHECK_EQUAL(written(ahead{}).size(), 8u);
  ahead x;
  auto theirs = written(old_part{"", 0}); // one byte of text, four of a number
  claim(theirs, 8);
  theirs.resize(12);
  size_t left = 1;
  CAF_REQUIRE(read(x, theirs, &left));
  CAF_CHECK_EQUAL(left, 0u);
  CAF_CHECK_EQUAL(x.later, 2);
}

CAF_TEST(a pool of the protocol before does not tell what it has done) {
  auto theirs = written(pool_status{4, 3, true, "order", {{"7", 120}}, 55});
  pool_status x;
  CAF_REQUIRE(read(x, theirs));
  CAF_CHECK_EQUAL(x.done, 55);
  claim(theirs, static_cast<uint32_t>(theirs.size()) - 4 - 8);
  theirs.resize(theirs.size() - 8);
  CAF_REQUIRE(read(x, theirs));
  CAF_CHECK_EQUAL(x.done, -1);
  CAF_REQUIRE_EQUAL(x.processors.size(), 1u);
  CAF_CHECK_EQUAL(x.processors[0].busy_ms, 120);
}

CAF_TEST(what is cut off anywhere is refused) {
  auto all = written(some());
  for (size_t n = 0; n < all.size(); ++n) {
    whole<new_part> x;
    CAF_CHECK(!read(x, bytes(all.begin(), all.begin() + n)));
  }
}

CAF_TEST(a length that does not fit is refused or cuts fields off) {
  auto all = written(some());
  auto real = static_cast<uint32_t>(all.size()) - 4;
  for (uint32_t n = 0; n < real; ++n) {
    auto lying = all;
    claim(lying, n);
    whole<new_part> x;
    size_t left = 0;
    if (read(x, lying, &left))
      CAF_CHECK(x.end == 0 && left == real - n);
  }
  for (auto n : {real + 1, uint32_t{1} << 31, UINT32_MAX}) {
    whole<new_part> x;
    auto lying = all;
    claim(lying, n);
    CAF_CHECK(!read(x, lying));
    claim(all, n, 5); // of the first part: behind the whole's length and count
    CAF_CHECK(!read(x, all));
  }
}

CAF_TEST(no room is made for bytes that are not there) {
  auto sound = written(blob{{1, 2, 3}});
  blob x;
  CAF_REQUIRE(read(x, sound));
  CAF_CHECK_EQUAL(x.bytes.size(), 3u);
  // 4 GiB - 1 as CAF writes the length of a list: 7 bits each, lowest first.
  bytes lying{0, 0, 0, 6, '\xff', '\xff', '\xff', '\xff', '\x0f', 1};
  CAF_CHECK(!read(x, lying));
  CAF_CHECK(x.bytes.capacity() < 1000);
}
