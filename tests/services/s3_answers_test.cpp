/// What S3 servers answer, and what follows from it.
#define CAF_SUITE s3_answers

#include "services/s3/s3_address.hpp"
#include "services/s3/s3_retry.hpp"
#include "services/s3/s3_sums.hpp"
#include "services/s3/s3_xml.hpp"
#include "tests/support/must.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using std::chrono::milliseconds;

namespace {

s3_try answered(long status, std::string code = {}, std::string text = {}) {
  return {status, {std::move(code), std::move(text)}};
}

storage_settings at(std::string endpoint, bool is_path) {
  storage_settings out;
  out.s3_endpoint = std::move(endpoint);
  out.s3_bucket = "pictures";
  out.s3_path_style = is_path;
  return out;
}

} // namespace

CAF_TEST(an error tells its code and words) {
  auto x = read_refusal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>"
                        "<Code>NoSuchKey</Code><Message>Not &lt;here&gt;."
                        "</Message><Key>a</Key></Error>");
  CAF_CHECK_EQUAL(x.code, "NoSuchKey");
  CAF_CHECK_EQUAL(x.message, "Not <here>.");
  for (const auto* text : {"", "<html><body>502</body></html>", "<Error>",
                           "<CopyObjectResult><ETag/></CopyObjectResult>"})
    CAF_CHECK_EQUAL(read_refusal(text).code, "");
}

CAF_TEST(a page of a list has objects and the next token) {
  auto page = must(read_page(
    "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
    "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
    "<NextContinuationToken>abc</NextContinuationToken>"
    "<Contents><Key>a%20b%2Bc+d</Key><Size>12</Size>"
    "<LastModified>2009-10-12T17:50:30.000Z</LastModified></Contents>"
    "<Contents><Key>e</Key><Size>5000000000</Size></Contents>"
    "</ListBucketResult>"));
  CAF_REQUIRE_EQUAL(page.objects.size(), 2u);
  CAF_CHECK_EQUAL(page.objects[0].key, "a b+c d");
  CAF_CHECK_EQUAL(page.objects[0].size, 12u);
  CAF_CHECK_EQUAL(page.objects[0].changed_at, 1255369830000);
  CAF_CHECK_EQUAL(page.objects[1].size, 5000000000u);
  CAF_CHECK_EQUAL(page.next, "abc");
}

CAF_TEST(the last page has no token and keys may come as they are) {
  auto page = must(read_page("<ListBucketResult><IsTruncated>false"
                             "</IsTruncated><Contents><Key>a%20b</Key>"
                             "</Contents></ListBucketResult>"));
  CAF_CHECK_EQUAL(page.objects.at(0).key, "a%20b");
  CAF_CHECK_EQUAL(page.next, "");
  CAF_CHECK(refused(read_page("<html/>")).code == ec::protocol);
  CAF_CHECK(refused(read_upload_id("<html/>")).code == ec::protocol);
}

CAF_TEST(what may pass is tried again) {
  CAF_CHECK(may_pass({0, {}, "connection reset"}));
  CAF_CHECK(may_pass({200, {}, "its MD5 is not its ETag"}));
  for (auto status : {500, 503, 429, 408})
    CAF_CHECK(may_pass(answered(status)));
  CAF_CHECK(may_pass(answered(400, "RequestTimeout")));
  CAF_CHECK(may_pass(answered(400, "BadDigest")));
  CAF_CHECK(may_pass(answered(200, "InternalError"))); // of a copy
}

CAF_TEST(what cannot pass is not tried again) {
  CAF_CHECK(!may_pass(answered(200)));
  CAF_CHECK(!may_pass(answered(404, "NoSuchKey")));
  CAF_CHECK(!may_pass(answered(403, "SignatureDoesNotMatch")));
  CAF_CHECK(!may_pass(answered(400, "InvalidArgument")));
}

CAF_TEST(pauses double up to five seconds unless the server names one) {
  auto x = answered(500);
  CAF_CHECK_EQUAL(pause_after(1, x, 0), milliseconds{200});
  CAF_CHECK_EQUAL(pause_after(1, x, 1), milliseconds{100});
  CAF_CHECK_EQUAL(pause_after(3, x, 0), milliseconds{800});
  CAF_CHECK_EQUAL(pause_after(5, x, 0), milliseconds{3200});
  CAF_CHECK_EQUAL(pause_after(6, x, 0), milliseconds{5000});
  CAF_CHECK_EQUAL(pause_after(20, x, 0), milliseconds{5000});
  x.wait_ms = 2000;
  CAF_CHECK_EQUAL(pause_after(1, x, 1), milliseconds{2000});
  x.wait_ms = 86400000;
  CAF_CHECK_EQUAL(pause_after(1, x, 1), milliseconds{30000});
}

CAF_TEST(an error quotes the server and says what to do) {
  auto why = s3_error("cannot read 'a'",
                      answered(403, "SignatureDoesNotMatch", "No.\nReally."),
                      1);
  CAF_CHECK(why.code == ec::storage_failed);
  CAF_CHECK_EQUAL(why.context,
                  "cannot read 'a': the server answered 403 "
                  "SignatureDoesNotMatch: \"No. Really.\"; correct [storage] "
                  "s3_secret_key (AWS_SECRET_ACCESS_KEY)");
  CAF_CHECK(s3_error("x", answered(404, "NoSuchKey"), 1).code == ec::not_found);
  CAF_CHECK(s3_error("x", answered(404, "NoSuchBucket"), 1).code
            == ec::storage_failed);
  CAF_CHECK(has(s3_error("x", {0, {}, "reset"}, 5).context, "(after 5 tries)"));
}

CAF_TEST(bytes are compared with the sum that came with them) {
  const std::string sum
    = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  http_answer answer;
  CAF_CHECK_EQUAL(sum_problem(answer, "abc"), "");
  answer.headers["etag"] = "\"900150983cd24fb0d6963f7d28e17f72\"";
  CAF_CHECK_EQUAL(sum_problem(answer, "abc"), "");
  CAF_CHECK_EQUAL(sum_problem(answer, "abd"), "its MD5 is not its ETag");
  answer.headers["x-amz-server-side-encryption"] = "aws:kms";
  CAF_CHECK_EQUAL(sum_problem(answer, "abd"), "");
  answer.headers[sum_header] = sum;
  CAF_CHECK_EQUAL(sum_problem(answer, "abc"), "");
  CAF_CHECK(!sum_problem(answer, "abd").empty());
  answer.headers = {{"etag", "\"900150983cd24fb0d6963f7d28e17f72-2\""}};
  CAF_CHECK_EQUAL(sum_problem(answer, "abd"), "");
}

CAF_TEST(an endpoint and a bucket make an address) {
  auto path = must(s3_address::of(at("http://127.0.0.1:9000/", true)));
  CAF_CHECK_EQUAL(path.origin, "http://127.0.0.1:9000");
  CAF_CHECK_EQUAL(path.host, "127.0.0.1:9000");
  CAF_CHECK_EQUAL(path.path, "/pictures");
  auto host = must(s3_address::of(at("https://s3.amazonaws.com:443", false)));
  CAF_CHECK_EQUAL(host.origin, "https://pictures.s3.amazonaws.com");
  CAF_CHECK_EQUAL(host.path, "");
  for (const auto* bad :
       {"", "ftp://a", "https://a/b", "https://u:p@a", "https://a?b"})
    CAF_CHECK(refused(s3_address::of(at(bad, true))).code == ec::bad_config);
}
