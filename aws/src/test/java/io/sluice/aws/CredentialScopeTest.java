package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialScopeTest {

  private static final String SCOPE = "AKIDEXAMPLE/20261121/eu-west-1/sqs/aws4_request";

  @Test
  void is_read_from_the_header_or_the_query() {
    CredentialScope expected = new CredentialScope("AKIDEXAMPLE", "eu-west-1", "sqs");

    assertEquals(
        expected,
        CredentialScope.of(
            "AWS4-HMAC-SHA256 Credential=" + SCOPE + ", SignedHeaders=host, Signature=0", null));
    assertEquals(
        expected,
        CredentialScope.of(
            "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=" + SCOPE, "other/20261121/x/y/z"));
    assertEquals(expected, CredentialScope.of(null, SCOPE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer token",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=",
        "AWS4-HMAC-SHA256 Credential=AKID",
        "AWS4-HMAC-SHA256 Credential=/20261121/eu-west-1/sqs/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKID/2026/eu-west-1/sqs/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKID/20261121/EU:west/sqs/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKID/20261121//sqs/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/sqs/aws4_request/more",
        "AWS4-HMAC-SHA256 Credential=AK ID/20261121/eu-west-1/sqs/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/sqs/aws4_reques",
        "AWS4-HMAC-SHA256 Credential=AKID,/20261121/eu-west-1/sqs/aws4_request"
      })
  void anything_else_counts_as_not_signed(String authorization) {
    assertNull(CredentialScope.of(authorization, null));
  }
}
