<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("activationOtherAddressIntro")}

${msg("agencyLabel")} ${agencyName}
${msg("identifierLabel")} ${identifier}
${msg("addressLabel")} ${maskedAddress}

${msg("activationOtherAddressYou")}

${msg("activationOtherAddressNotYou")}
<#if agencyPhone?has_content>
${msg("phoneLabel")} ${agencyPhone}
</#if>
<#if agencyEmail?has_content>
${msg("emailLabel")} ${agencyEmail}
</#if>

--
${msg("automatic")}
