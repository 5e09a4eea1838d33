<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("mergedIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.paragraph>${msg("mergedContracts")}<#list contracts as contract><br><strong>${contract.reference}</strong> (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if></#list></@layout.paragraph>
<@layout.paragraph>${msg("mergedYou")}</@layout.paragraph>
<@layout.paragraph><strong>${msg("mergedNotYou")}</strong><#if agencyPhone?has_content><br>${msg("phoneLabel")} ${agencyPhone}</#if><#if agencyEmail?has_content><br>${msg("emailLabel")} ${agencyEmail}</#if></@layout.paragraph>
<@layout.dispute href=disputeLink/>
</@layout.emailLayout>
