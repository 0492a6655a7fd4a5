#define CAF_SUITE job_subject

#include "actors/jobs/job_subject.hpp"
#include "actors/jobs/job_type.hpp"
#include "tests/support/test.hpp"

#include <algorithm>

using namespace darkroom;

CAF_TEST(each image job makes one part and no other job makes any) {
  CAF_CHECK(part_of("generate-metadata") == image_part::metadata);
  CAF_CHECK(part_of("generate-variants") == image_part::variants);
  CAF_CHECK(part_of("generate-embeddings") == image_part::embedding);
  for (const char* name : {"", "echo", "generate-", "generate-metadata ",
                           "Generate-Metadata", "generate-embedding"})
    CAF_CHECK(!part_of(name));
}

CAF_TEST(each part is made by one job type) {
  for (auto part : all_image_parts())
    CAF_CHECK(part_of(maker_of(part)) == part);
}

CAF_TEST(an upload adds the jobs that read its picture) {
  std::vector<std::string> names;
  for (const auto* type : upload_job_types())
    names.emplace_back(type->name);
  auto has = [&names](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CAF_CHECK(has("generate-metadata"));
  CAF_CHECK(has("generate-variants"));
  CAF_CHECK(!has("generate-embeddings")); // chained to the metadata
  CAF_CHECK(!has("echo"));
}

CAF_TEST(an image job names its image and its file) {
  auto x = subject_of(R"({"imageId":"cat","filePath":"a/b.jpg","n":1})");
  CAF_CHECK_EQUAL(x.image_id, "cat");
  CAF_CHECK_EQUAL(x.file_path, "a/b.jpg");
}

CAF_TEST(spaces and escapes do not hide the image) {
  auto x = subject_of("{ \"imageId\" : \"c\\u00e4t\" }");
  CAF_CHECK_EQUAL(x.image_id, "c\u00e4t");
  CAF_CHECK_EQUAL(x.file_path, "");
}

CAF_TEST(an image may have a number for its id) {
  CAF_CHECK_EQUAL(subject_of(R"({"imageId":5})").image_id, "5");
}

CAF_TEST(data that is no object with texts names nothing) {
  for (const char* data :
       {"", "null", "5", "[]", "\"imageId\"", "[\"imageId\",\"cat\"]",
        R"({"imageId":[5]})", R"({"imageId":null,"filePath":7})",
        R"({"imageId":"cat")", R"({"nested":{"imageId":"cat"}})", "{}"}) {
    auto x = subject_of(data);
    CAF_CHECK_EQUAL(x.image_id, "");
    CAF_CHECK_EQUAL(x.file_path, "");
  }
}
