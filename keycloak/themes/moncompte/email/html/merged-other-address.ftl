<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("mergedOtherAddressIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.fact label=msg("identifierLabel") value=identifier/>
<@layout.fact label=msg("mergedOtherAddressLabel") value=maskedAddress/>
<@layout.paragraph>${msg("mergedOtherAddressYou")}</@layout.paragraph>
<@layout.paragraph><strong>${msg("mergedOtherAddressNotYou")}</strong><#if agencyPhone?has_content><br>${msg("phoneLabel")} ${agencyPhone}</#if><#if agencyEmail?has_content><br>${msg("emailLabel")} ${agencyEmail}</#if></@layout.paragraph>
</@layout.emailLayout>
