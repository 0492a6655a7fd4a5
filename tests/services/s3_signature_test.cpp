/// The examples of AWS: "Signature Calculations for the Authorization Header:
/// Transferring Payload in a Single Chunk", and "Authenticating Requests: Using
/// Query Parameters".
#define CAF_SUITE s3_signature

#include "services/s3/s3_signature.hpp"
#include "services/s3/s3_text.hpp"
#include "services/text/percent.hpp"
#include "tests/support/must.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

constexpr auto body_sum
  = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
constexpr int64_t now = 1369353600000; // 2013-05-24

struct example {
  s3_signer by{"AKIAIOSFODNN7EXAMPLE",
               "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};
  s3_request request{"GET", "examplebucket.s3.amazonaws.com", "/"};

  std::string signed_so() {
    sign(request, by, now);
    return request.headers["authorization"];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(s3_signature_tests, example)

CAF_TEST(a range of an object) {
  request.path = "/test.txt";
  request.headers["range"] = "bytes=0-9";
  CAF_CHECK_EQUAL(
    signed_so(),
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
    "aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
    "Signature="
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

CAF_TEST(an object that is written) {
  request.method = "PUT";
  request.path = '/' + percent_encoded("test$file.text", "/");
  request.headers = {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  request.body_sha256 = body_sum;
  CAF_CHECK(
    has(signed_so(),
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

CAF_TEST(a parameter without a value) {
  request.query["lifecycle"] = "";
  CAF_CHECK(
    has(signed_so(),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

CAF_TEST(a list with parameters) {
  request.query = {{"prefix", "J"}, {"max-keys", "2"}};
  CAF_CHECK(
    has(signed_so(),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

CAF_TEST(a link for everybody) {
  request.path = "/test.txt";
  CAF_CHECK_EQUAL(
    signed_query(request, by, now, std::chrono::seconds{86400}),
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
    "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&"
    "X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&"
    "X-Amz-Signature="
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(keys are encoded as the signature wants it) {
  CAF_CHECK_EQUAL(percent_encoded("a b/ä+~c.jpg", "/"),
                  "a%20b/%C3%A4%2B~c.jpg");
  CAF_CHECK_EQUAL(percent_encoded("a/b=*"), "a%2Fb%3D%2A");
}

CAF_TEST(times are read as lists and headers have them) {
  CAF_CHECK_EQUAL(read_s3_time("2009-10-12T17:50:30.250Z"), 1255369830250);
  CAF_CHECK_EQUAL(read_s3_time("Mon, 12 Oct 2009 17:50:30 GMT"), 1255369830000);
  CAF_CHECK_EQUAL(read_s3_time("yesterday"), 0);
  CAF_CHECK_EQUAL(s3_time(1369353600999), "20130524T000000Z");
}
