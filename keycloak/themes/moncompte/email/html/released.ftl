<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("releasedIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.fact label=msg("identifierLabel") value=identifier/>
<#if contracts?has_content>
<@layout.paragraph>${msg("releasedContracts")}<#list contracts as contract><br><strong>${contract.reference}</strong> (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if></#list></@layout.paragraph>
</#if>
<@layout.paragraph>${msg("releasedRest")}</@layout.paragraph>
<@layout.paragraph><strong>${msg("releasedQuestion")}</strong><#if agencyPhone?has_content><br>${msg("phoneLabel")} ${agencyPhone}</#if><#if agencyEmail?has_content><br>${msg("emailLabel")} ${agencyEmail}</#if></@layout.paragraph>
</@layout.emailLayout>
