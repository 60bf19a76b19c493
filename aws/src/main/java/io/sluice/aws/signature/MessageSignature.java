package io.sluice.aws.signature;

/**
 * Three fields of a signed message.
 *
 * @param version {@code SignatureVersion}
 * @param signature {@code Signature}, in base64
 * @param certificateUrl {@code SigningCertURL}
 */
public record MessageSignature(SignatureVersion version, String signature, String certificateUrl) {}
