#define CAF_SUITE classify

#include "services/provider/classify.hpp"
#include "services/provider/completion.hpp"
#include "services/provider/retry_hint.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

constexpr auto refused_end = call_end::refused;
constexpr auto unusable = call_end::unusable;
constexpr auto throttled = call_end::throttled;
constexpr auto transient = call_end::transient;

struct row {
  long status;
  const char* body;
  call_end end;
};

provider_refusal refusal_of(long status, const std::string& body,
                            const std::string& key = {}) {
  http_answer answer{status, {{"content-type", "text/x"}}, body};
  return read_refusal(answer, read_body(body).value_or(nullptr), key);
}

verdict judge(long status, const std::string& body) {
  http_answer answer{status, {}, body};
  auto refusal = refusal_of(status, body);
  return classify(refusal, retry_hint(answer, refusal, 0));
}

const row rows[] = {
  // for this picture only
  {400, R"({"error":{"message":"bad","type":"invalid_request_error"}})",
   refused_end},
  {400,
   R"({"error":{"code":"content_filter","message":"The response was )"
   R"(filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
   refused_end},
  {403,
   R"({"error":{"code":403,"message":"Input was flagged","metadata":)"
   R"({"reasons":["violence"]}}})",
   refused_end},
  {400,
   R"({"error":{"message":"You uploaded an unsupported image. Please )"
   R"(make sure your image is below 20 MB in size and is of one the )"
   R"(following formats: ['png', 'jpeg']","code":"invalid_image_format"}})",
   refused_end},
  {413, "<html>Request Entity Too Large</html>", refused_end},
  {451, "", refused_end},
  {418, "", refused_end},
  // the provider is not usable
  {401, R"({"error":{"message":"Incorrect API key","code":"invalid_api_key"}})",
   unusable},
  {402,
   R"({"error":{"code":402,"message":"This request requires more )"
   R"(credits, or fewer max_tokens"}})",
   unusable},
  {403, "forbidden", unusable},
  {404, R"({"error":{"message":"model 'llava' not found"}})", unusable},
  {404, R"({"error":"model \"x\" not found, try pulling it first"})", unusable},
  {404,
   R"({"error":{"message":"No endpoints found that support image input",)"
   R"("code":404}})",
   unusable},
  {429,
   R"({"error":{"message":"You exceeded your current quota, please )"
   R"(check your plan and billing details.","type":"insufficient_quota",)"
   R"("code":"insufficient_quota"}})",
   unusable},
  {400,
   R"([{"error":{"code":400,"message":"API key not valid. Please pass a )"
   R"(valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":)"
   R"("API_KEY_INVALID"}]}}])",
   unusable},
  {400, R"({"error":{"message":"x is not a valid model ID","code":400}})",
   unusable},
  {400, R"({"error":{"message":"Your credit balance is too low to access"}})",
   unusable},
  {400,
   R"({"error":{"message":"Invalid content type. image_url is only )"
   R"(supported by certain models."}})",
   unusable},
  {500,
   R"({"error":{"code":500,"message":"image input is not supported - )"
   R"(hint: you may need to provide the mmproj"}})",
   unusable},
  {400,
   R"({"object":"error","message":"llama is not a multimodal model",)"
   R"("type":"BadRequestError","code":400})",
   unusable},
  {302, "", unusable},
  {405, "", unusable},
  // throttled
  {429, "", throttled},
  {429,
   R"([{"error":{"code":429,"message":"You exceeded your current quota, )"
   R"(please check your plan and billing details.","status":)"
   R"("RESOURCE_EXHAUSTED","details":[{"retryDelay":"34s"}]}}])",
   throttled},
  {503, "down for maintenance", throttled},
  {529, R"({"type":"error","error":{"type":"overloaded_error","message":"x"}})",
   throttled},
  {500, R"({"error":{"message":"Please try again in 3s"}})", throttled},
  // may pass
  {500, "boom", transient},
  {502, "<html>Bad gateway</html>", transient},
  {504, "", transient},
  {408, "", transient},
  // an error in an answer of 200
  {200, R"({"error":{"code":429,"message":"Rate limited","metadata":{}}})",
   throttled},
  {200, R"({"error":{"code":502,"message":"Provider returned error"}})",
   transient},
  {200, R"({"error":{"message":"Overloaded","type":"overloaded_error"}})",
   throttled},
  {200, R"({"error":{"message":"quota","code":"insufficient_quota"}})",
   unusable},
  {200, R"({"choices":[{"error":{"code":401,"message":"User not found."}}]})",
   unusable},
  {200, R"({"error":"something odd"})", transient},
};

} // namespace

CAF_TEST(what providers really say is judged by its words and its status) {
  for (const auto& x : rows) {
    CAF_MESSAGE(x.status << " " << x.body);
    CAF_CHECK(judge(x.status, x.body).end == x.end);
  }
}

CAF_TEST(only a picture that is too large may be halved) {
  CAF_CHECK(judge(413, "").is_too_large);
  CAF_CHECK(
    judge(400, R"({"error":{"message":"Image too large"}})").is_too_large);
  CAF_CHECK(!judge(400, "").is_too_large);
}

CAF_TEST(only a refused form may be adapted) {
  for (auto status : {400, 422, 500})
    CAF_CHECK(judge(status, "").may_adapt);
  for (auto status : {401, 404, 413, 429, 502, 503})
    CAF_CHECK(!judge(status, "").may_adapt);
}

CAF_TEST(an error in an answer of 200 is found where it stands) {
  auto is_error = [](const char* text) {
    return has_error(*read_body(text));
  };
  CAF_CHECK(is_error(R"({"error":{"message":"x"}})"));
  CAF_CHECK(is_error(R"({"error":"x","choices":[]})"));
  CAF_CHECK(is_error(R"({"choices":[{"error":{"code":500}}]})"));
  CAF_CHECK(is_error(R"([{"error":{"code":500}}])"));
  CAF_CHECK(is_error(R"({"object":"error","message":"x"})"));
  CAF_CHECK(!is_error(R"({"error":null,"choices":[]})"));
  CAF_CHECK(!is_error(R"({"error":{},"choices":[]})"));
  CAF_CHECK(!is_error(R"({"error":"","choices":[{"message":{}}]})"));
}

CAF_TEST(all of the providers words are quoted) {
  auto words = [](long status, const char* body) {
    return refusal_of(status, body).words;
  };
  CAF_CHECK_EQUAL(words(400, R"({"error":{"message":"too bad"}})"),
                  "400 \"too bad\"");
  CAF_CHECK_EQUAL(
    words(422, R"({"detail":[{"loc":["body","response_format","type"],)"
               R"("msg":"Input should be 'text'","type":"enum"}]})"),
    "422 \"response_format.type: Input should be 'text'\"");
  auto nested = words(502, R"({"error":{"message":"Provider returned error",)"
                           R"("code":502,"metadata":{"raw":)"
                           R"("{\"error\":{\"message\":\"no GPU\"}}"}}})");
  CAF_CHECK_EQUAL(nested, "502 \"Provider returned error; no GPU\"");
  CAF_CHECK_EQUAL(words(502, "<html>\nBad</html>"),
                  "502 text/x \"<html>\\nBad</html>\"");
  CAF_CHECK_EQUAL(words(500, " "), "500 text/x with an empty body");
  CAF_CHECK(words(500, std::string(5000, 'x').c_str()).size() < 300);
}

CAF_TEST(no part of the key is quoted) {
  std::string key = "sk-proj-0123456789abcdef";
  for (std::string body :
       {R"({"error":{"message":"Incorrect API key: )" + key + R"("}})",
        R"({"error":{"message":"key sk-proj-********89abcdef"}})"
          + std::string(),
        "bad key " + key, std::string(190, 'x') + key}) {
    auto words = refusal_of(401, body, key).words;
    CAF_CHECK(!has(words, "sk-proj-"));
    CAF_CHECK(!has(words, "89abcdef"));
  }
}
