/// The pictures of tests/pictures/make_odd.py, and a codec to read them.
#pragma once

#include "services/codec/codec_client.hpp"
#include "tests/support/made_pictures.hpp"
#include "tests/support/test.hpp"

#include <chrono>
#include <string>

namespace darkroom::test {

struct odd_pictures_fixture {
  made_pictures folder{"make_odd.py"};
  codec_client codec{{}, DARKROOM_BINARY_DIR "/darkroom-codec"};

  static codec_client::time_point soon() {
    return std::chrono::steady_clock::now() + std::chrono::minutes{2};
  }

  picture_analysis must_read(const std::string& path) {
    CAF_MESSAGE(path);
    auto got = codec.analyse(path, soon());
    if (!got)
      CAF_FAIL(got.error().context);
    return std::move(*got);
  }

  /// The error with which both operations refuse the picture.
  error must_refuse(const std::string& path) {
    CAF_MESSAGE(path);
    auto six = codec.variants(path, soon());
    auto seen = codec.analyse(path, soon());
    CAF_REQUIRE(!six);
    CAF_REQUIRE(!seen);
    CAF_CHECK_EQUAL(six.error().code, seen.error().code);
    CAF_MESSAGE(six.error().context);
    return six.error();
  }
};

} // namespace darkroom::test
