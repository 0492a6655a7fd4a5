/// The pictures of tests/pictures/make_odd.py, and a codec to read them.
#pragma once

#include "services/codec/codec_client.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace darkroom::test {

struct odd_pictures_fixture {
  scratch_folder folder;
  codec_client codec{{}, DARKROOM_BINARY_DIR "/darkroom-codec"};

  odd_pictures_fixture() {
    std::string tool = DARKROOM_SOURCE_DIR "/tests/pictures/make_odd.py";
    auto command = "python3 '" + tool + "' '" + folder.path() + "'";
    CAF_REQUIRE_EQUAL(std::system(command.c_str()), 0);
  }

  static codec_client::time_point soon() {
    return std::chrono::steady_clock::now() + std::chrono::minutes{2};
  }

  /// The pictures whose names begin with this; at least one.
  std::vector<std::string> named(const std::string& begin) const {
    std::vector<std::string> found;
    for (auto& x : std::filesystem::directory_iterator{folder.path()})
      if (x.path().filename().string().compare(0, begin.size(), begin) == 0)
        found.push_back(x.path());
    CAF_REQUIRE(!found.empty());
    return found;
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
